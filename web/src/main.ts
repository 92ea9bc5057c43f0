import embed from "vega-embed";
import { expressionInterpreter } from "vega-interpreter";

// Vega must be in the bundle for the page to come.
document.getElementById("page")?.append(typeof embed, typeof expressionInterpreter);
