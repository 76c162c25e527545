/**
 * What a page of the desk may load: itself and nothing else. Styles may be inline (the component library sets them on elements), pictures of
 * products come from shops over https. `connect` names further places to talk to, such as the server of the development build.
 */
export function contentSecurityPolicy(connect: readonly string[] = []): Record<string, string[]> {
  return {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'data:', 'blob:', 'https:'],
    'font-src': ["'self'", 'data:'],
    'connect-src': ["'self'", ...connect],
    'worker-src': ["'self'"],
    'manifest-src': ["'self'"],
    'object-src': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    'frame-src': ["'none'"],
    'frame-ancestors': ["'none'"],
  };
}

/** The policy as the text of a header. */
export function contentSecurityPolicyText(connect: readonly string[] = []): string {
  return Object.entries(contentSecurityPolicy(connect))
    .map(([directive, values]) => `${directive} ${values.join(' ')}`)
    .join('; ');
}
