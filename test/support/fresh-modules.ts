// Test files share a process, which saves a third of the time. Each still loads the sources anew.
import { vi } from 'vitest';

vi.resetModules();
