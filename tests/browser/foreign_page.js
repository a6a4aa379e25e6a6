// What a page of elsewhere tries against the review page. Each attack is given our address, even our
// token and the signed address of a photo, and answers with whatever it got.

const text = (answer) => answer.text();
const json = (token) => ({ "Content-Type": "application/json", "X-SIL-Token": token });

/** An element that loads something: it says "loaded", or fails. */
const element = (name, what) => new Promise((done, failed) => {
  const made = Object.assign(document.createElement(name), what);
  made.onload = made.onloadeddata = () => done("loaded");
  made.onerror = failed;
  document.body.append(made);
});

const readable = (frame) => frame.contentDocument.body.innerText;

const framed = (src) => new Promise((done, failed) => {
  const made = Object.assign(document.createElement("iframe"), { src });
  made.onload = () => {
    try { done(readable(made)); } catch (error) { failed(error); }
  };
  document.body.append(made);
});

/** A form whose only field makes a JSON object of a body of plain text. */
const sent = async (action, enctype) => {
  const name = `frame${Math.random()}`;
  const frame = Object.assign(document.createElement("iframe"), { name });
  const form = Object.assign(document.createElement("form"), { method: "post", action, enctype, target: name });
  form.append(Object.assign(document.createElement("input"), { name: '{"x":"', value: '"}' }));
  document.body.append(frame, form);
  await new Promise((done) => { frame.onload = done; form.submit(); });
  return readable(frame);
};

const asked = (method, address) => new Promise((done, failed) => {
  const request = new XMLHttpRequest();
  request.onload = () => done(request.responseText);
  request.onerror = failed;
  request.open(method, address);
  request.send();
});

const events = (address) => new Promise((done, failed) => {
  const source = new EventSource(address);
  source.onopen = () => done("open");
  source.onerror = () => { source.close(); failed(); };
});

const socket = (address) => new Promise((done, failed) => {
  const made = new WebSocket(address.replace("http", "ws"));
  made.onopen = () => done("open");
  made.onerror = failed;
});

const worker = (address) => new Promise((done, failed) => {
  const made = new Worker(address);
  made.onmessage = () => done("works");
  made.onerror = failed;
});

const post = (url, body, more) => fetch(`${url}/api/stop`, { method: "POST", body, ...more }).then(text);
const noCors = { mode: "no-cors" };

window.ABROAD = {
  "fetch": (url) => fetch(`${url}/api/session`).then(text),
  "fetch with the token": (url, token) => fetch(`${url}/api/session`, { headers: json(token) }).then(text),
  "fetch without cors": (url) => fetch(`${url}/api/session`, noCors).then(text),
  "fetch with credentials": (url) => fetch(`${url}/api/session`, { credentials: "include" }).then(text),
  "fetch of the page": (url) => fetch(url).then(text),
  "fetch of a photo": (url, _token, photo) => fetch(url + photo).then(text),
  "post of a text": (url) => post(url, "{}", noCors),
  "post of a blob": (url) => post(url, new Blob(["{}"], { type: "text/plain" }), noCors),
  "post of json as a blob": (url) => post(url, new Blob(["{}"], { type: "application/json" }), noCors),
  "post of json": (url, token) => post(url, "{}", { headers: json(token) }),
  "post of a form's data": (url) => post(url, new FormData(), noCors),
  "put": (url, token) => fetch(`${url}/api/groups/1/selection`, { method: "PUT", body: "{}", headers: json(token) }).then(text),
  "delete": (url) => fetch(`${url}/api/session`, { method: "DELETE" }).then(text),
  "an old request": (url) => asked("GET", `${url}/api/session`),
  "an old request that changes": (url) => asked("POST", `${url}/api/stop`),
  "a script": (url) => element("script", { src: `${url}/static/js/main.js` }),
  "a module": (url) => element("script", { type: "module", src: `${url}/static/js/main.js` }),
  "an import": (url) => import(`${url}/static/js/main.js`).then((found) => Object.keys(found).join()),
  "a style": (url) => element("link", { rel: "stylesheet", href: `${url}/static/page.css` }),
  "a picture": (url) => element("img", { src: `${url}/static/icon.svg` }),
  "a photo with its signature": (url, _token, photo) => element("img", { src: url + photo }),
  "a photo with cors": (url, _token, photo) => element("img", { crossOrigin: "anonymous", src: url + photo }),
  "a film": (url, _token, photo) => element("video", { src: url + photo }),
  "an object": (url) => element("object", { data: url }),
  "events": (url) => events(`${url}/api/session`),
  "a web socket": (url) => socket(`${url}/api/session`),
  "a worker": (url) => worker(`${url}/static/js/difference_worker.js`),
  "a frame": (url) => framed(url),
  "a frame with the token": (url, token) => framed(`${url}/#t=${token}`),
  "a form": (url) => sent(`${url}/api/stop`, "application/x-www-form-urlencoded"),
  "a form of text": (url) => sent(`${url}/api/stop`, "text/plain"),
  "a form of parts": (url) => sent(`${url}/api/stop`, "multipart/form-data"),
};

const status = (answer) => answer.status;
const refused = () => 421;

window.REBOUND = {
  "its own page": () => fetch("/").then(status),
  "the api with the token": (token) => fetch("/api/session", { headers: json(token) }).then(status),
  "a script's text": () => fetch("/static/js/main.js").then(status),
  "a photo's bytes": (_token, photo) => fetch(photo).then(status),
  "a stop": (token) => fetch("/api/stop", { method: "POST", body: "{}", headers: json(token) }).then(status),
  "a choice": (token) => fetch("/api/groups/1/selection", { method: "PUT", body: '{"keep": [0], "rev": 1}', headers: json(token) }).then(status),
  "an unusual method": () => fetch("/api/session", { method: "DELETE" }).then(status),
  "a script itself": () => element("script", { src: "/static/js/main.js" }).catch(refused),
  "a photo itself": (_token, photo) => element("img", { src: photo }).catch(refused),
  "a web socket": () => socket(`${location.origin}/api/session`).catch(refused),
  "a frame": () => framed("/api/session").then((found) => JSON.parse(found).status, refused),
};
