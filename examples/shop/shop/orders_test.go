package shop_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/bggen/bggen/examples/shop/shop"
)

func (s *testShop) stock(product int) int {
	s.Helper()
	var p shop.Product
	s.get(fmt.Sprint("/products/", product), "").decode(200, &p)
	return p.Stock
}

// The customer has the answer before a mail is sent: none is until the test
// receives it.
func TestPlaceOrder(t *testing.T) {
	s := newShop(t, 1000)
	var placed shop.Order
	s.order("ann", `{"lines": [{"product": 2, "quantity": 1}, {"product": 1, "quantity": 2}]}`).decode(201, &placed)
	if placed.ID != 1 || placed.Customer != "ann" || placed.Placed.IsZero() || len(placed.Lines) != 2 {
		t.Errorf("placed %+v", placed)
	}
	if cups, teapots := s.stock(1), s.stock(2); cups != 10 || teapots != 2 {
		t.Errorf("%d cups and %d teapots are left", cups, teapots)
	}

	for _, want := range []string{
		"ann@example.com: Your order 1\n1 x Teapot at EUR 42.00\n2 x Cup at EUR 9.50\n",
		"buyer@example.com: Teapot: 2 left\n",
	} {
		if got := s.mail(); got != want {
			t.Errorf("got the mail %q, want %q", got, want)
		}
	}

	var again shop.Order
	s.get("/orders/1", "ann").decode(200, &again)
	if fmt.Sprint(again) != fmt.Sprint(placed) {
		t.Errorf("got %v, want %v", again, placed)
	}
	s.get("/orders/1", "root").refused(404) // it is ann's
}

func TestPlaceOrderRefused(t *testing.T) {
	s := newShop(t, 1000)
	s.order("ann", `{"lines": []}`).refused(422, "body lines minlen")
	s.order("ann", `{"lines": [{"product": 1, "quantity": 0}, {"quantity": 101}]}`).
		refused(422, "body lines[0].quantity min", "body lines[1].product missing", "body lines[1].quantity max")
	s.send("POST", "/orders", "ann", "text/plain", "cups").refused(415, "body  content_type")
}

// An order that cannot be filled leaves no trace: not the line that could be, and
// no task.
func TestOutOfStock(t *testing.T) {
	s := newShop(t, 1000)
	answer := s.order("ann", `{"lines": [{"product": 1, "quantity": 2}, {"product": 2, "quantity": 4}]}`)
	answer.is(409, `{"title":"Conflict","status":409,"detail":"there is not enough of product 2"}`)
	s.idle() // without a mail
	if cups := s.stock(1); cups != 12 {
		t.Errorf("%d cups are left", cups)
	}
	s.get("/orders/1", "ann").refused(404)
	s.get("/audit", "root").is(200, "[]")
}

// Two customers want the last teapots at the same time.
func TestPlaceOrderTogether(t *testing.T) {
	s := newShop(t, 1000)
	statuses := map[int]int{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			answer := s.order("ann", `{"lines": [{"product": 2, "quantity": 1}]}`)
			mu.Lock()
			defer mu.Unlock()
			statuses[answer.status]++
		})
	}
	wg.Wait()
	if statuses[201] != 3 || statuses[409] != 1 || s.stock(2) != 0 {
		t.Errorf("got %v, and %d teapots are left", statuses, s.stock(2))
	}
	for range 6 { // a receipt and an alert for each
		s.mail()
	}
}
