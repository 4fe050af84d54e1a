// Test files share a process. Each still loads the sources anew.
import { vi } from 'vitest';

vi.resetModules();
