package diag

// An Entry is a kind of mistake. Its code is stable: it can be searched for.
type Entry struct {
	Code    string
	Title   string
	Warning bool // the files are generated all the same
}

// The catalogue. Codes are never given to another mistake.
var (
	BadDirective       = &Entry{Code: "BG001", Title: "a comment that is almost a directive"}
	UnknownDirective   = &Entry{Code: "BG002", Title: "a directive that does not exist"}
	MisplacedDirective = &Entry{Code: "BG003", Title: "a directive where it means nothing"}
	DirectiveArgument  = &Entry{Code: "BG004", Title: "an argument that a directive does not take"}
	DirectiveConflict  = &Entry{Code: "BG005", Title: "directives that contradict each other"}
	Syntax             = &Entry{Code: "BG006", Title: "a file that cannot be parsed"}
	InvalidType        = &Entry{Code: "BG007", Title: "a signature that does not type-check"}
	BadPattern         = &Entry{Code: "BG008", Title: "a route that net/http refuses"}
	PatternConflict    = &Entry{Code: "BG009", Title: "routes that conflict"}
	UnboundWildcard    = &Entry{Code: "BG010", Title: "a wildcard that no parameter takes"}
	MissingWildcard    = &Entry{Code: "BG011", Title: "a wildcard that is in some routes of a handler only"}
	NoSource           = &Entry{Code: "BG012", Title: "a parameter without a source"}
	ClientInput        = &Entry{Code: "BG013", Title: "a defined type that the client would have to fill"}
	AmbiguousSource    = &Entry{Code: "BG014", Title: "a parameter with two sources"}
	TwoProviders       = &Entry{Code: "BG015", Title: "two providers for one type"}
	Cycle              = &Entry{Code: "BG016", Title: "providers that need each other"}
	TasksByValue       = &Entry{Code: "BG017", Title: "a collector by value"}
	NameClash          = &Entry{Code: "BG018", Title: "a name that the generated code needs"}
	BadResult          = &Entry{Code: "BG019", Title: "results that cannot be answered with"}
	BadProvider        = &Entry{Code: "BG020", Title: "a function that cannot be a provider"}
	BadTask            = &Entry{Code: "BG021", Title: "a function that cannot be a task"}
	NeedsRequest       = &Entry{Code: "BG022", Title: "a task that needs a request"}
	TwoReceivers       = &Entry{Code: "BG023", Title: "methods of two types"}
	Unnamed            = &Entry{Code: "BG024", Title: "a parameter that needs a name"}
	Generic            = &Entry{Code: "BG025", Title: "a generic function"}
	UnusedProvider     = &Entry{Code: "BG026", Title: "a provider that nothing needs", Warning: true}
	BadBody            = &Entry{Code: "BG027", Title: "a body that cannot be read"}
	NotLoaded          = &Entry{Code: "BG028", Title: "a package that cannot be loaded"}
)
