// The page's first request. It is sent while the other modules are still on their way.

import { api, hasToken, takeToken } from "./api.js";

takeToken();
const wanted = /^#\/g\/(\d+)(?:$|\/c\/)/.exec(location.hash);

/** How the run stands and the group to open first; null without a token. */
export const opening = hasToken() ? api.opening(wanted ? wanted[1] : 0) : null;
opening?.catch(() => {}); // whoever waits for it will hear of it
