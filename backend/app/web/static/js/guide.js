/** The page of one workflow. */

import "./menus.js";
import "./import.js";
import "./viewer.js";
import "./contents.js";
import { follow } from "./live.js";

if (document.querySelector("main[data-live]")) follow();
