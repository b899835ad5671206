import createClient from "openapi-fetch";
import type { paths, components } from "./generated/types/shop";
import type { paths as bodyvalues } from "./generated/types/bodyvalues";
const c = createClient<paths>({ baseUrl: "http://x" });
export async function f() {
  const r = await c.GET("/items", { params: { query: { limit: 3, sort: "price" } } });
  if (r.error) { const t: string = r.error.title; return t; }
  const id: number | undefined = r.data.items?.[0].id;
  const a = await c.POST("/items", { body: { name: "cup", price: null } });
  if (a.error) { return a.error.errors?.[0].code; }
  const i: components["schemas"]["itemsItem"] = a.data;
  // @ts-expect-error: no such value
  await c.GET("/items", { params: { query: { sort: "size" } } });
  // @ts-expect-error: the name is missing
  await c.POST("/items", { body: { price: 1 } });
  return i.id + (id ?? 0);
}
export async function leavesOut() {
  // what has a default may be left out, and is there in the answer
  const r = await createClient<bodyvalues>({ baseUrl: "http://x" }).POST("/search", { body: { text: "cup" } });
  return r.data && r.data.limit + r.data.page.size;
}
