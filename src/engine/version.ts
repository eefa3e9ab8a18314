/** Of the engine: reports and links say which one spoke. */
export const VERSION = "0.1.0";
