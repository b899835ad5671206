package two_receivers

type Users struct{}

//bggen:route GET /users
func (*Users) Get() {}

type Orders struct{}

//bggen:route GET /orders
func (*Orders) Get() {}
