package ambiguous

type Shop string

//bggen:provide
func GetShop() Shop { return "" }

//bggen:route GET /shops/{shop}
func Show(shop Shop) {}
