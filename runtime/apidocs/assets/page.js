"use strict";

window.ui = SwaggerUIBundle({
  url: document.currentScript.dataset.document,
  dom_id: "#swagger-ui",
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  persistAuthorization: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  validatorUrl: null, // which would send the document to a server of swagger.io
  onComplete() {
    const title = window.ui.specSelectors.info().get("title");
    if (title) {
      document.title = title;
    }
  },
});
