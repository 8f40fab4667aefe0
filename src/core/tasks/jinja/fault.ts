/** A template that cannot be rendered, in words; whoever knows the file and row raises it as `task/template`. */
export class TemplateFault extends Error {}
