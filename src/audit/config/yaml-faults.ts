import type { ErrorCode } from 'yaml'

const INDENT = 'the indentation is not as YAML has it: line up what belongs together, with blanks'

/** What is wrong with a YAML file, by the parser's code: its own words speak to programmers who call it. */
const FAULTS: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: 'an alias (*name) takes neither an anchor nor a tag of its own',
  BAD_ALIAS: 'an alias (*name) is not written as one: put a value that begins with * in quotes',
  BAD_COLLECTION_TYPE: 'a tag (!) does not fit the list or mapping behind it: leave the tag out',
  BAD_DIRECTIVE: 'a line that begins with % is a directive, and this one is not known: leave it out',
  BAD_DQ_ESCAPE:
    'a backslash in double quotes begins an escape, and this one is not known: use single quotes',
  BAD_INDENT: `${INDENT}; or a list [ or mapping { is not closed`,
  BAD_PROP_ORDER: 'an anchor (&) or tag (!) does not stand where it can: put it right before its value',
  BAD_SCALAR_START: 'a value cannot begin with @ or `: put it in quotes',
  BLOCK_AS_IMPLICIT_KEY:
    'a second "key:" on one line: begin a new line, or put a value that holds ": " in quotes',
  BLOCK_IN_FLOW: 'a list or mapping of lines stands inside [ ] or { }: write it in brackets, too',
  DUPLICATE_KEY: 'a key stands there twice: keep one of the two',
  IMPOSSIBLE: 'this cannot be read as YAML',
  KEY_OVER_1024_CHARS: 'a key has more than 1,024 characters',
  MISSING_CHAR: 'a quote or bracket is opened and never closed, or a blank is missing',
  MULTILINE_IMPLICIT_KEY: 'a key goes over two lines: put the key and its colon on one',
  MULTIPLE_ANCHORS: 'a value has two anchors (&): keep one',
  MULTIPLE_DOCS: 'a second document begins (---): a config is one document',
  MULTIPLE_TAGS: 'a value has two tags (!): keep one',
  NON_STRING_KEY: 'a key is a list or mapping: name it by a word',
  RESOURCE_EXHAUSTION: 'lists or mappings are nested deeper than a config can be',
  TAB_AS_INDENT: 'a tab stands where the line is indented: use blanks',
  TAG_RESOLVE_FAILED: 'a tag (!) is not known: leave it out',
  UNEXPECTED_TOKEN:
    'something stands where nothing can: a value goes on behind its end, or a list and a mapping are mixed',
}

/** A fault of a YAML file in words of ours. */
export function yamlFault(code: ErrorCode): string {
  return FAULTS[code]
}
