package users

// Username names a user in addresses.
//
//bggen:type maxlen=40 pattern=^[A-Za-z0-9_-]+$
type Username string

// Email is where a user is sent mails.
//
//bggen:type maxlen=200 "pattern=^[^@ ]+@[^@ ]+$"
type Email string
