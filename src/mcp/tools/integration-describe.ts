import Type from "typebox";
import { countByResource, maxListed } from "#core/many-endpoints.js";
import { tool } from "#mcp/tool.js";

export const integrationDescribe = tool({
  name: "integration_describe",
  title: "Describe an endpoint",
  description:
    "Read what an endpoint does and takes: JSON Schema of its params, an example, scopes. Without endpoint: all endpoints of the integration.",
  input: Type.Object(
    {
      integration: Type.String({ minLength: 1, maxLength: 64, description: "Slug, such as github" }),
      endpoint: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: "create_issue" })),
    },
    { additionalProperties: false },
  ),
  output: Type.Object({
    integration: Type.String(),
    endpoints: Type.Optional(
      Type.Array(
        Type.Object({
          endpoint: Type.String(),
          summary: Type.String(),
          effect: Type.Optional(Type.String({ description: "Left out of those that only read" })),
        }),
      ),
    ),
    resources: Type.Optional(Type.Unknown()),
    hint: Type.Optional(Type.String()),
    endpoint: Type.Optional(Type.String()),
    summary: Type.Optional(Type.String()),
    effect: Type.Optional(Type.String()),
    params: Type.Optional(Type.Unknown({ description: "JSON Schema" })),
    example: Type.Optional(Type.Unknown({ description: "Example params" })),
    scopes: Type.Optional(Type.Array(Type.Unknown(), { description: "Of a list one suffices" })),
    returns: Type.Optional(Type.String()),
    view: Type.Optional(
      Type.Array(Type.String(), { description: "Fields of the readable view, which integration_run gives" }),
    ),
    advice: Type.Optional(Type.String()),
  }),
  annotations: { readOnlyHint: true, openWorldHint: false },
  async run(backend, { integration, endpoint }) {
    if (endpoint === undefined) {
      const { endpoints } = await backend.getIntegration({ params: { integration } });
      if (endpoints.length > maxListed) {
        const hint = `${endpoints.length} endpoints: find one by integration_search with integration ${integration}.`;
        return { value: { integration, resources: countByResource(endpoints), hint } };
      }
      const shown = endpoints.map(({ name, summary, effect, deprecated }) => ({
        endpoint: name,
        summary: deprecated ? `${summary} (deprecated)` : summary,
        ...(effect !== "read" && { effect }),
      }));
      return { value: { integration, endpoints: shown } };
    }
    const page = await backend.getEndpoint({ params: { integration, endpoint } });
    const { endpoint: name, hint, summary, effect, params, example, scopes, returns, views, markdown } = page;
    const advice = hint ? `${hint.message}\n\n${markdown}` : markdown;
    const described = {
      integration,
      endpoint: name,
      summary,
      effect,
      params,
      example,
      scopes,
      returns,
      advice,
    };
    return { value: { ...described, ...(views.readable && { view: views.readable }) } };
  },
});
