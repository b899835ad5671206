// Package described has types and guards whose description in a document is easily
// wrong.
package described

import (
	"time"

	"github.com/bggen/bggen/runtime/auth"
)

// Pause is how long nothing happens.
//
//bggen:type min=1s
type Pause time.Duration

// Tone is a byte by another name: encoding/json writes a list of them in base64.
//
//bggen:type max=87
type Tone byte

// Key is a byte that writes itself: encoding/json writes a list of them as a list.
type Key byte

// MarshalText returns the name of the key.
func (k Key) MarshalText() ([]byte, error) { return []byte{k.letter()}, nil }

// UnmarshalText reads the name of the key.
func (k *Key) UnmarshalText(text []byte) error {
	if len(text) > 0 {
		*k = Key(text[0] - 'a')
	}
	return nil
}

func (k Key) letter() byte { return 'a' + byte(k)%7 }

// Stamp is what a server adds to a tune that it has stored.
type Stamp struct {
	ID    int64 `json:"id"`
	Plays int   `json:"plays"`
}

// Tune has an embedded pointer, whose fields are absent while it is nil, and an array,
// of which a client may leave out the end.
type Tune struct {
	*Stamp
	Title string `json:"title"`
	Tones []Tone `json:"tones"`
	Keys  []Key  `json:"keys"`
	Beat  [2]int `json:"beat"`
}

// User is somebody who has logged in somewhere else.
type User struct{ Name string }

// KnowUser lets everybody in, and knows who has a token.
//
//bggen:guard
//bggen:security openIdConnect https://id.bggen.dev/.well-known/openid-configuration
//bggen:scopes tunes:read="Hear tunes"
func KnowUser(token *auth.Bearer) (*User, error) {
	if token == nil {
		return nil, nil
	}
	return &User{"Ann"}, nil
}

// KnowListener lets everybody in, and knows who has a token of another server.
//
//bggen:guard
//bggen:security oauth2 clientCredentials token=https://ids.bggen.dev/token
//bggen:scopes tunes:read="Hear tunes"
func KnowListener(token *auth.Bearer) User {
	if token == nil {
		return User{}
	}
	return User{"Ann"}
}

// Play plays tunes with pauses.
//
//bggen:route GET /tunes
//bggen:param pauses query=pause
//bggen:scopes tunes:play
func Play(u *User, pauses []Pause) []Tune { return nil }

// Hear plays one.
//
//bggen:route GET /tunes/{id}
//bggen:scopes tunes:read="Hear one"
func Hear(u User, id int64) Tune { return Tune{Stamp: &Stamp{ID: id}} }

// Write stores a tune.
//
//bggen:route POST /tunes
func Write(body Tune) Tune { return body }
