// Command document asks for an OpenAPI document of three packages.
//
//bggen:openapi openapi.json title="The shop" version=1.4.0 server=https://shop.bggen.dev license=Apache-2.0
//bggen:openapi-package ./items
//bggen:openapi-package ./orders
//bggen:openapi-package ./admin /admin
package main

func main() {}
