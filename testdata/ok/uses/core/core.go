// Package core has what the packages of a service share.
package core

import "errors"

// App is the app struct of all packages that use this one.
//
//bggen:app
type App struct {
	Config *Config
	Users  *Users
}

// Config is a setting.
type Config struct{ Name string }

// Users knows who may do what.
type Users struct{ Admins []string }

// Clock is the interface that some need.
type Clock interface{ Now() string }

// Stopped is a clock.
type Stopped string

// Now is always the same.
func (s Stopped) Now() string { return string(s) }

// NewClock makes the one clock.
//
//bggen:provide
func NewClock(c *Config) Stopped { return Stopped(c.Name + " o'clock") }

// Tenant is read from a header.
type Tenant string

// NewTenant needs a header, so that this takes part in the binding.
//
//bggen:provide
//bggen:param name header=X-Tenant
func NewTenant(name string) (Tenant, error) {
	if name == "gone" {
		return "", errors.New("the tenant is gone")
	}
	return Tenant(name), nil
}
