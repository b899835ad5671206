// A client of examples/conduit: each answer has its type, the errors too.
import createClient from "openapi-fetch";
import type { components, paths } from "./generated/types/conduit";
import { publish } from "./generated/recipes/publish";
import { titles } from "./generated/recipes/titles";

function want(what: string, got: unknown, wanted: unknown) {
  if (got !== wanted) {
    throw new Error(`${what} is ${got}, want ${wanted}`);
  }
}

export async function journey(baseUrl: string) {
  const client = createClient<paths>({ baseUrl });
  const account = { email: "eve@example.com", password: "correct horse" };
  const signUp = await client.POST("/api/users", { body: { user: { username: "eve", ...account } } });
  want("the name", signUp.data?.user.username, "eve");
  const again = await client.POST("/api/users", { body: { user: { username: "eve", ...account } } });
  want("the status of a second account", again.error?.status, 409);
  const login = await client.POST("/api/users/login", { body: { user: account } });
  const headers = { Authorization: `Bearer ${login.data?.user.token}` };

  const article: components["schemas"]["NewArticle"] = { title: "One", description: "d", body: "b", tagList: ["x"] };
  const made = await client.POST("/api/articles", { headers, body: { article } });
  const slug: string = made.data!.article.slug;
  const list = await client.GET("/api/articles", { params: { query: { author: "eve" } } });
  want("the list", list.data?.articles.map((a) => a.slug).join(), slug);

  const missing = await client.GET("/api/articles/{slug}", { params: { path: { slug: "nothing" } } });
  want("the title of a 404", missing.error?.title, "Not Found");
  const wrong = await client.POST("/api/articles", { headers, body: { article: { ...article, title: "" } } });
  want("the status of a 422", wrong.error?.status, 422);
  want("the code", wrong.error?.errors?.[0].code, "minlen");
  // @ts-expect-error: there is no body
  await client.POST("/api/articles", { headers, body: { article: { title: "Two", description: "d" } } });

  want("what publish has made", (await publish(baseUrl)).startsWith("hello"), true);
  want("the newest title", (await titles(baseUrl))[0], "Hello");
}
