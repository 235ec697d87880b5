// Joins htm's templates to preact, so that components can be written without a build step.
import { h } from "preact";
import htm from "htm";

export const html = htm.bind(h);
