// Everything the site does in the browser; each behaviour is a custom element of its own.
import "./judging-bench.js";
import "./rank-list.js";
