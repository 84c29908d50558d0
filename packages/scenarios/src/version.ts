/** Version of the engine and the models, as results carry it. Held equal to the package's version by a test. */
export const engineVersion = '0.1.0';
