package taken

type Article struct{ Title string }

type Mailer interface{ Send(to, text string) error }

type NewTransfer struct{ From, To, Cents int }
