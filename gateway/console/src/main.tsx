// Starts the inbox.
import { render } from "preact";
import { App } from "./app";
import { watchKeys } from "./keys";
import { flushDrafts } from "./store/drafts";
import { follow } from "./store/route";
import { start } from "./store/session";
import { startTheme } from "./store/theme";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/frame.css";
import "./styles/list.css";
import "./styles/conversation.css";
import "./styles/composer.css";
import "./styles/card.css";
import "./styles/admin.css";
import "./styles/overlays.css";
import "./styles/touch.css";

startTheme();
watchKeys();
addEventListener("popstate", follow);
addEventListener("hashchange", () => (location.hash.startsWith("#link=") ? void start() : follow()));
addEventListener("pagehide", flushDrafts);
document.addEventListener("visibilitychange", flushDrafts);
render(<App />, document.getElementById("app") as HTMLElement);
void start();
