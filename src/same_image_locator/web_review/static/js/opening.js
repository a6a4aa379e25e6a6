// The page's first request. It is sent before anything else is made ready.

import { api, hasToken, takeToken } from "./api.js";

takeToken();
const wanted = /^#\/g\/(\d+)(?:$|\/c\/)/.exec(location.hash);

/** How the run stands, the group to open first, and the rows around it; null without a token. */
export const opening = hasToken() ? api.opening(wanted ? wanted[1] : 0) : null;
opening?.catch(() => {}); // whoever waits for it will hear of it

// It is on its way while the page is still being read; what follows needs all of the page.
if (document.readyState === "loading") await new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve, { once: true }));
