/** Variables that name a proxy, in either case, as curl and Python take them. */
const NAMES = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy']

/**
 * Let every fetch of this process go through the proxies that the environment names, but for the hosts of `NO_PROXY`. The
 * command line does so; a program that uses the library says so itself, since it changes all of its fetches:
 *
 *     await useProxyOf(process.env)
 *
 * Without such a variable nothing is changed or loaded.
 */
export async function useProxyOf(environment: NodeJS.ProcessEnv): Promise<void> {
  if (NAMES.every((name) => !environment[name])) return
  const { EnvHttpProxyAgent, setGlobalDispatcher } = await import('undici')
  setGlobalDispatcher(new EnvHttpProxyAgent())
}
