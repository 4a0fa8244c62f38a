// Shows the description of the HTTP API; nothing is asked of other sites.
const api = document.getElementById("api");
SwaggerUIBundle({
  url: api.dataset.openapi,
  domNode: api,
  deepLinking: true,
  validatorUrl: null,
  supportedSubmitMethods: ["get", "post"],
});
