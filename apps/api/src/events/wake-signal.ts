/** Waits for a call of `wake` or a time, whichever comes first. A call between two waits is not lost. */
export interface WakeSignal {
  wake(): void;
  wait(ms: number): Promise<void>;
}

export function createWakeSignal(): WakeSignal {
  let awake = false;
  let resume: (() => void) | null = null;
  return {
    wake: () => {
      awake = true;
      resume?.();
    },
    wait: async (ms) => {
      if (!awake) {
        const { promise, resolve } = Promise.withResolvers<void>();
        resume = resolve;
        const timer = setTimeout(resolve, ms);
        await promise;
        clearTimeout(timer);
        resume = null;
      }
      awake = false;
    },
  };
}
