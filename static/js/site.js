// Everything the site does in the browser; each behaviour is a custom element of its own.
import "./bench/judging-bench.js";
import "./bench/mark-list.js";
import "./bench/rank-list.js";
import "./desk/device-check.js";
import "./desk/study-upload.js";
import "./copy-text.js";
