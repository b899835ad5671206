package auth

import (
	"errors"

	"golang.org/x/crypto/bcrypt"
)

// HashCost says how long it takes to hash a password. Tests have less time.
var HashCost = bcrypt.DefaultCost

// Password is what a user has chosen.
//
//bggen:type minlen=8
type Password string

// Validate refuses what bcrypt cannot hash: it takes 72 bytes at most.
func (p Password) Validate() error {
	if len(p) > 72 {
		return errors.New("must not be longer than 72 bytes")
	}
	return nil
}

// Hash is how a password is stored. It takes as long as a guess should.
func (p Password) Hash() ([]byte, error) {
	return bcrypt.GenerateFromPassword([]byte(p), HashCost)
}

// Matches reports whether p is the password of a hash.
func (p Password) Matches(hash []byte) bool {
	return bcrypt.CompareHashAndPassword(hash, []byte(p)) == nil
}
