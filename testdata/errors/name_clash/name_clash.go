package name_clash

func Register() {}

//bggen:route GET /a
func A() {}

func AHandler() {}

type Users struct{}

//bggen:route GET /get
func (*Users) Get() {}

//bggen:route GET /users-get
func UsersGet() {}

//bggen:task
func Mail() {}

var mailTask int

//bggen:task name=jobs.send
func Send() {}

//bggen:task name=jobs.send
func SendAgain() {}

type Overrides struct{}

type Store struct{}

//bggen:provide
func NewStore() Store { return Store{} }

//bggen:route GET /stores
func Stores(Store) {}
