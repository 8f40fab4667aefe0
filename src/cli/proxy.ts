/** Variables that name a proxy, in either case, as curl and Python take them. */
const NAMES = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy']

/**
 * Let every fetch of this process go through the proxies that the environment names, but for the hosts of `NO_PROXY`.
 * The library is read only then.
 */
export async function useProxyOf(environment: NodeJS.ProcessEnv): Promise<void> {
  if (NAMES.every((name) => !environment[name])) return
  const { EnvHttpProxyAgent, setGlobalDispatcher } = await import('undici')
  setGlobalDispatcher(new EnvHttpProxyAgent())
}
