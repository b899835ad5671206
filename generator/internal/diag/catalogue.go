package diag

// An Entry is a kind of mistake. Its code is stable: it can be searched for.
type Entry struct {
	Code    string
	Title   string
	Warning bool // the files are generated all the same
}

// Catalogue is all entries, in the order of their codes.
var Catalogue []*Entry

func entry(code, title string) *Entry {
	e := &Entry{Code: code, Title: title}
	Catalogue = append(Catalogue, e)
	return e
}

func warning(code, title string) *Entry {
	e := entry(code, title)
	e.Warning = true
	return e
}

// Codes are never given to another mistake.
var (
	BadDirective       = entry("BG001", "a comment that is almost a directive")
	UnknownDirective   = entry("BG002", "a directive that does not exist")
	MisplacedDirective = entry("BG003", "a directive where it has no effect")
	DirectiveArgument  = entry("BG004", "an argument that a directive does not take")
	DirectiveConflict  = entry("BG005", "directives that contradict each other")
	Syntax             = entry("BG006", "a file that cannot be parsed")
	InvalidType        = entry("BG007", "a signature that does not type-check")
	BadPattern         = entry("BG008", "a route that net/http refuses")
	PatternConflict    = entry("BG009", "routes that conflict")
	UnboundWildcard    = entry("BG010", "a wildcard that no parameter takes")
	MissingWildcard    = entry("BG011", "a wildcard that is in some routes of a handler only")
	NoSource           = entry("BG012", "a parameter without a source")
	ClientInput        = entry("BG013", "a defined type that would be read from the query")
	AmbiguousSource    = entry("BG014", "a parameter with two sources")
	TwoProviders       = entry("BG015", "two providers for one type")
	Cycle              = entry("BG016", "providers that need each other")
	TasksByValue       = entry("BG017", "a runtime.BackgroundTasks by value")
	NameClash          = entry("BG018", "a name that the generated code needs")
	BadResult          = entry("BG019", "results that cannot become a response")
	BadProvider        = entry("BG020", "a function that cannot be a provider")
	BadTask            = entry("BG021", "a function that cannot be a task")
	NeedsRequest       = entry("BG022", "a task that needs a request")
	TwoReceivers       = entry("BG023", "methods of two types")
	Unnamed            = entry("BG024", "a parameter that needs a name")
	Generic            = entry("BG025", "a generic function")
	UnusedProvider     = warning("BG026", "a provider that nothing needs")
	BadBody            = entry("BG027", "a body that cannot be read")
	NotLoaded          = entry("BG028", "a package that cannot be loaded")
	OwnConstraint      = entry("BG029", "a function in a file with a build constraint of its own")
	ForeignFile        = entry("BG030", "a file that bggen would overwrite and did not write")
	NotGenerated       = entry("BG031", "code that could not be generated")
	Lifetime           = entry("BG032", "a value that outlives what it is made of")
	Captured           = entry("BG033", "a task that uses a value of the request after its end")
	LateSettle         = warning("BG034", "a handler that writes its response before a provider commits")
	BadDepends         = entry("BG035", "a directive that names no function")
	BadParam           = entry("BG036", "a param directive that does not fit its parameter")
	BadImport          = entry("BG037", "a package that generated code cannot import")
	Unexported         = entry("BG038", "a name that is unexported in another package")
	UnreadTag          = warning("BG039", "a tag that bggen does not read")
)
