package shop_test

import "testing"

// Strangers learn nothing about their request: not that its body is no JSON.
func TestStrangers(t *testing.T) {
	s := newShop(t, 1000)
	for _, token := range []string{"", "mallory"} {
		answer := s.order(token, "{")
		answer.refused(401)
		if got := answer.header.Get("WWW-Authenticate"); got != "Bearer" {
			t.Errorf("WWW-Authenticate: %q", got)
		}
	}
	s.order("ann", "{").refused(400, "body  syntax")
}

func TestAdminOnly(t *testing.T) {
	s := newShop(t, 1000)
	s.get("/audit?limit=x", "").refused(401)
	s.get("/audit?limit=x", "ann").refused(403)
	s.get("/audit?limit=x", "root").refused(422, "query limit type")
	s.get("/audit", "root").is(200, "[]")
}

func TestRateLimit(t *testing.T) {
	s := newShop(t, 2)
	s.get("/products", "").decode(200, new([]any))
	s.get("/audit", "").refused(401) // counts too
	answer := s.get("/products", "")
	answer.refused(429)
	if got := answer.header.Get("Retry-After"); got != "60" {
		t.Errorf("Retry-After: %q", got)
	}
}
