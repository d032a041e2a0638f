/** The run's database server and programs: the test setup says which, or a program of the kit that made its own. */
import { inject } from "vitest";
import type { TestServer } from "./global-setup.ts";

let own: TestServer | null = null;

/** For a program that is no test: from now on everything of the kit stands on this server. */
export function useServer(server: TestServer): void {
  own = server;
}

export const testServer = (): TestServer => own ?? inject("testServer");
