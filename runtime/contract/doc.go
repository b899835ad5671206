// Package contract holds a handler against its OpenAPI document in tests.
//
// [Check] wraps the handler that your tests already talk to. Each request and
// each answer that goes through it is compared with the document, and what
// differs fails the test:
//
//	//go:embed openapi.json
//	var spec []byte
//
//	func TestOrders(t *testing.T) {
//		mux := http.NewServeMux()
//		shop.Register(mux, &runner, &app)
//		server := httptest.NewServer(contract.Check(t, spec, mux))
//		defer server.Close()
//		...
//	}
//
// [Explore] needs no tests: it draws requests from the schemas of the document,
// right ones and wrong ones, and sends them to the handler:
//
//	func TestContract(t *testing.T) {
//		contract.Explore(t, spec, mux)
//	}
//
// The document may be OpenAPI 3.0 or 3.1, in JSON or YAML, and the handler any
// [http.Handler]. The package is a module of its own, so that only tests depend
// on the validator that it uses.
package contract
