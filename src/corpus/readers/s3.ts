import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { AwsClient } from 'aws4fetch'
import { raise } from '../errors.js'
import { type Fetch, fetchPatiently, openHttp } from './http.js'
import type { Source } from './source.js'

const DEFAULT_REGION = 'us-east-1'

interface Address {
  readonly bucket: string
  readonly key: string
}

interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

function parseAddress(path: string): Address {
  const match = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(path)
  if (match === null) throw raise('no-input', `found "${path}", expected s3://bucket/key`, { path })
  if (/[:@]/.test(match[1]!))
    throw raise(
      'no-input',
      'the address holds a key or password, and none is sent from there: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
      { path },
    )
  return { bucket: match[1]!, key: match[2]! }
}

/** The `key = value` lines of one profile of an AWS ini file. */
function readProfile(file: string, section: string): ReadonlyMap<string, string> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return new Map()
  }
  const values = new Map<string, string>()
  let inside = false
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[(?:profile\s+)?([^\]]+)\]/.exec(line)
    if (header !== null) inside = header[1]!.trim() === section
    const pair = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(line)
    if (inside && pair !== null) values.set(pair[1]!, pair[2]!)
  }
  return values
}

/** From the environment, else from the shared files; none = requests go unsigned, as public buckets allow. */
function findCredentials(env: NodeJS.ProcessEnv): Credentials | undefined {
  if (env.AWS_ACCESS_KEY_ID !== undefined && env.AWS_SECRET_ACCESS_KEY !== undefined)
    return {
      accessKeyId: env.AWS_ACCESS_KEY_ID,
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
      ...(env.AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: env.AWS_SESSION_TOKEN }),
    }
  const file = env.AWS_SHARED_CREDENTIALS_FILE ?? join(homedir(), '.aws', 'credentials')
  const profile = readProfile(file, env.AWS_PROFILE ?? 'default')
  const accessKeyId = profile.get('aws_access_key_id')
  const secretAccessKey = profile.get('aws_secret_access_key')
  const sessionToken = profile.get('aws_session_token')
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) }
}

function findRegion(env: NodeJS.ProcessEnv): string {
  const file = env.AWS_CONFIG_FILE ?? join(homedir(), '.aws', 'config')
  const profile = readProfile(file, env.AWS_PROFILE ?? 'default')
  return env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? profile.get('region') ?? DEFAULT_REGION
}

/** Address of an object: path style on a given endpoint (MinIO, Ceph), virtual-host style at Amazon. */
function urlOf({ bucket, key }: Address, env: NodeJS.ProcessEnv): string {
  const endpoint = env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL
  const encoded = key.split('/').map(encodeURIComponent).join('/')
  if (endpoint !== undefined) return `${endpoint.replace(/\/$/, '')}/${bucket}/${encoded}`
  return `https://${bucket}.s3.${findRegion(env)}.amazonaws.com/${encoded}`
}

function createFetch(env: NodeJS.ProcessEnv): Fetch {
  const credentials = findCredentials(env)
  if (credentials === undefined) return fetch
  // Retries are ours (fetchPatiently), so that they are alike for every kind of address.
  const client = new AwsClient({ ...credentials, service: 's3', region: findRegion(env), retries: 0 })
  return (url, init) => client.fetch(url, init)
}

export function openS3(path: string): Promise<Source> {
  return openHttp(urlOf(parseAddress(path), process.env), createFetch(process.env), path)
}

/** Write an object whole; S3 shows it only once it is complete. */
export async function putS3(path: string, body: Uint8Array): Promise<void> {
  const bytes = new Uint8Array(body)
  await fetchPatiently(createFetch(process.env), urlOf(parseAddress(path), process.env), path, {
    method: 'PUT',
    body: bytes,
  })
}

export async function deleteS3(path: string): Promise<void> {
  const url = urlOf(parseAddress(path), process.env)
  await fetchPatiently(createFetch(process.env), url, path, { method: 'DELETE' })
}

function decodeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
  return text.replace(/&(#x?[0-9a-fA-F]+|\w+);/g, (whole, name: string) => {
    if (name.startsWith('#x')) return String.fromCodePoint(Number.parseInt(name.slice(2), 16))
    if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)))
    return entities[name] ?? whole
  })
}

/** Every object whose key begins with that of `prefix` (`s3://bucket/begin`), in the order of S3: by key. */
export async function listS3(prefix: string): Promise<string[]> {
  const { bucket, key } = parseAddress(prefix)
  const get = createFetch(process.env)
  const paths: string[] = []
  let token: string | undefined
  do {
    const query = new URLSearchParams({ 'list-type': '2', prefix: key })
    if (token !== undefined) query.set('continuation-token', token)
    const url = `${urlOf({ bucket, key: '' }, process.env)}?${query}`
    const xml = await (await fetchPatiently(get, url, prefix)).text()
    for (const [, found] of xml.matchAll(/<Key>([^<]*)<\/Key>/g)) {
      const name = decodeXml(found!)
      if (!name.endsWith('/')) paths.push(`s3://${bucket}/${name}`)
    }
    token = /<NextContinuationToken>([^<]*)</.exec(xml)?.[1]
    if (token !== undefined) token = decodeXml(token)
  } while (token !== undefined)
  return paths
}
