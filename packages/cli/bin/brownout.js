#!/usr/bin/env node
// The command as it is installed. It is there before anything is built, so that installers of a checkout can link it.
await import('../dist/node/main.js').catch((error) => {
  if (error?.code !== 'ERR_MODULE_NOT_FOUND' || !String(error.message).includes('main.js')) throw error;
  process.stderr.write('brownout is not built here: npm run build\n');
  process.exitCode = 1;
});
