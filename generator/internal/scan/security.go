package scan

import (
	"net/url"
	"slices"
	"strings"

	"github.com/bggen/bggen/generator/internal/diag"
)

// A Security is a security directive: a way to get the credentials that a function
// reads, as OpenAPI has it.
type Security struct {
	diag.Range
	Flow                      string // of OAuth 2; "": OpenID Connect
	Authorize, Token, Refresh string // addresses of OAuth 2
	OpenID                    string // the address of the configuration of OpenID Connect
}

// A Scope is what credentials have to be good for.
type Scope struct {
	diag.Range
	Name string
	Text string // what it lets do; ""
}

// flows are those of OAuth 2, with the addresses that each has.
var flows = []struct {
	name             string
	authorize, token bool
}{
	{"authorizationCode", true, true},
	{"clientCredentials", false, true},
	{"implicit", true, false},
	{"password", false, true},
}

const openIDConnect = "openIdConnect"

var securityOptions = []option{
	{key: "authorize", want: wantAddress, set: func(t *target, value string) bool { t.secure.Authorize = value; return isAddress(value) }},
	{key: "token", want: wantAddress, set: func(t *target, value string) bool { t.secure.Token = value; return isAddress(value) }},
	{key: "refresh", want: wantAddress, set: func(t *target, value string) bool { t.secure.Refresh = value; return isAddress(value) }},
}

const wantAddress = "an address, such as https://id.example/token or /token"

// isAddress reports whether a text is a URL, or a path of the server itself.
func isAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" || err == nil && u.Scheme == "" && strings.HasPrefix(text, "/")
}

// security reads the kind of a scheme, and its flow or its address.
func (s *scanner) security(t *target, d directive) bool {
	kind, what := d.args[0], d.args[1]
	t.secure = Security{Range: d.Range}
	switch {
	case kind.text == openIDConnect && isAddress(what.text):
		t.secure.OpenID = what.text
		return true
	case kind.text == openIDConnect:
		s.report(diag.New(diag.DirectiveArgument, what.Range, "%q is no address", what.text).
			WithHint("it is where the configuration is: https://id.example/.well-known/openid-configuration"))
		return false
	case kind.text != "oauth2":
		s.report(diag.New(diag.DirectiveArgument, kind.Range, "%s takes no argument %q", d, kind.text).
			WithHint("it is written %s; other credentials are known by the types of package auth", d.kind.usage))
		return false
	}
	var names []string
	for _, flow := range flows {
		if flow.name == what.text {
			t.secure.Flow = what.text
			return true
		}
		names = append(names, flow.name)
	}
	report := s.report(diag.New(diag.DirectiveArgument, what.Range, "there is no flow %q", what.text))
	if like := diag.Nearest(what.text, names); like != "" {
		report.WithHint("did you mean %s?", like)
	} else {
		report.WithHint("the flows are %s", strings.Join(names, ", "))
	}
	return false
}

// addSecurity adds what was read to the function, if it is whole.
func (s *scanner) addSecurity(t *target, d directive) {
	v := t.secure
	for _, flow := range flows {
		if flow.name == v.Flow {
			s.checkURL(d, "authorize", v.Authorize != "", flow.authorize)
			s.checkURL(d, "token", v.Token != "", flow.token)
		}
	}
	if v.Flow == "" && v.Authorize+v.Token+v.Refresh != "" {
		s.report(diag.New(diag.DirectiveArgument, d.Range, "%s of openIdConnect has one address, which says the others", d).
			WithHint("take the options away"))
	}
	same := func(other Security) bool { return other.Flow == v.Flow || (other.Flow == "") != (v.Flow == "") }
	if slices.ContainsFunc(t.f.Security, same) {
		s.report(diag.New(diag.DirectiveConflict, d.Range, "a second %s that is not for another flow", d).
			WithHint("a function has one scheme; one of oauth2 may have several flows"))
		return
	}
	t.f.Security = append(t.f.Security, v)
}

// checkURL complains of an address that a flow lacks, or does not have.
func (s *scanner) checkURL(d directive, key string, given, wanted bool) {
	flow := d.args[1].text
	switch {
	case wanted && !given:
		s.report(diag.New(diag.DirectiveArgument, d.Range, "the flow %s needs %s=", flow, key).
			WithHint("write %s=https://id.example/%s", key, key))
	case given && !wanted:
		s.report(diag.New(diag.DirectiveArgument, d.Range, "the flow %s has no %s=", flow, key).WithHint("take it away"))
	}
}

// scopes reads scopes: orders:read, or orders:write="Change your orders".
func (s *scanner) scopes(t *target, d directive) bool {
	t.read = len(d.args)
	for _, arg := range d.args {
		name, text, _ := strings.Cut(arg.text, "=")
		switch {
		case name == "" || strings.ContainsAny(name, " \"\\"):
			s.report(diag.New(diag.DirectiveArgument, arg.Range, "%q is no scope", name).
				WithHint("a scope is a word, with a text for people if you like: orders:write=\"Change your orders\""))
		case slices.ContainsFunc(t.f.Scopes, func(o Scope) bool { return o.Name == name }):
			s.report(diag.New(diag.DirectiveArgument, arg.Range, "%s is given twice", name).WithHint("keep one of them"))
		default:
			t.f.Scopes = append(t.f.Scopes, Scope{arg.Range, name, text})
		}
	}
	return true
}

// checkSecurity complains of what means nothing on a function.
func (s *scanner) checkSecurity(f *Func) {
	if len(f.Security) > 0 && !mayBeProvider(f) {
		s.report(diag.New(diag.MisplacedDirective, f.Security[0].Range, "%s says how credentials are got, and is no guard or provider", f.FullName()).
			WithHint("let a guard read the credentials, and say it there"))
	}
	if len(f.Scopes) > 0 && f.Role != Handler && !mayBeProvider(f) {
		s.report(diag.New(diag.MisplacedDirective, f.Scopes[0].Range, "%s needs scopes, and is no handler, provider or guard", f.FullName()).
			WithHint("take //bggen:scopes away, or add //bggen:route, //bggen:provide or //bggen:guard"))
	}
}
