import "#web/styles.css";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createApi } from "#web/api/api.js";
import { createPageRouter } from "#web/router.js";

const api = createApi(window.location.origin);
// A failed request is shown at once, with a way to try again, instead of being repeated in the background.
const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={createPageRouter({ api, queries })} />
    </QueryClientProvider>
  </StrictMode>,
);
