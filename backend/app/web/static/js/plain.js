/** Pages with nothing of their own: errors, for a signed-in person. */

import "./menus.js";
import "./import.js";
