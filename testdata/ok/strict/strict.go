// Package strict refuses what nothing reads.
//
//bggen:strict
package strict

// Article is a member of a body.
type Article struct {
	Title string `json:"title" required:"true"`
	Tags  []Tag  `json:"tags"`
}

// Tag is in an article.
type Tag struct {
	Name string `json:"name"`
}

// User is another member.
type User struct {
	Name string `json:"name" minlen:"2"`
}

// Create takes two members of a body, and one that may be absent.
//
//bggen:route POST /articles
//bggen:param article body=article
//bggen:param by body=by
//bggen:param count body=$count
func Create(dry bool, article Article, by User, count *int) string {
	if dry {
		return "dry " + article.Title
	}
	return article.Title + " by " + by.Name
}

// Update takes the whole body under another name, whatever its Content-Type says.
//
//bggen:route PUT /articles anytype
//bggen:param article body
func Update(article Article) string { return article.Title }

// Author makes a value of a member of the body.
//
//bggen:provide
//bggen:param user body=user
func Author(user User) *User { return &user }

// Rename reads a member, and a provider reads another one.
//
//bggen:route POST /names
//bggen:param name body=name
func Rename(name string, author *User) string { return author.Name + " is " + name }

// Upload takes a form.
//
//bggen:route POST /forms
//bggen:param name form
//bggen:param level form
func Upload(name string, level *int) string { return name }

// List takes nothing of the query.
//
//bggen:route GET /articles
func List() string { return "all" }
