const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'a part of the path is a file, not a folder',
}

/** Whether a path is a pattern of paths, as a shell expands it. */
export const isPattern = (path: string): boolean => /[*?[{]/.test(path)

/** What the operating system says of a path that was read or written, in words; of anything else its own message. */
export function reason(error: unknown, doing: 'read' | 'write' = 'read'): string {
  const { code = '', path = '' } = error as NodeJS.ErrnoException
  if (code === 'ENOENT' && doing === 'write') return 'no file can be made there'
  if (code === 'ENOENT' && isPattern(path)) return `nothing matches "${path}"`
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error))
}
