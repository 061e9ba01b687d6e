/** SQLSTATE classes 08 (connection), 53 (no resources), 57P (server stops or starts), and codes of sockets and DNS. */
const CODE = /^(?:08...|53...|57P0.|ECONN\w+|EPIPE|ETIMEDOUT|EHOST\w+|ENET\w+|ENOTFOUND|EAI_AGAIN)$/;
const MESSAGE =
  /ECONN|ETIMEDOUT|Connection (?:is closed|terminated)|Socket timeout|timeout exceeded|not queryable|Query read timeout|^(?:LOADING|READONLY|MASTERDOWN|CLUSTERDOWN) |sentinels|slots cache/i;

/** Whether the error says that the backend is away for the moment, and nothing about what was asked of it. */
export function isConnectionError(error: Error): boolean {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return CODE.test(code) || MESSAGE.test(error.message);
}
