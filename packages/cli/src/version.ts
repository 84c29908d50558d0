/** Version of the command, known without loading anything. Held equal to package.json by a test. */
export const commandVersion = '0.1.0';
