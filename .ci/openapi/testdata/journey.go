package main

import (
	"context"
	"fmt"
	"net/http"

	"example.com/client/api"
)

// journey is what the program in docs/clients.md does not do.
func journey(ctx context.Context, server string) error {
	client, err := api.NewClientWithResponses(server)
	if err != nil {
		return err
	}
	login, err := client.LoginWithResponse(ctx, api.LoginJSONRequestBody{
		User: api.Credentials{Email: "bob@example.com", Password: "correct horse"},
	})
	if err != nil {
		return err
	}
	if login.JSON200 == nil {
		return fmt.Errorf("logging in: %s", login.Body)
	}
	withToken := func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+login.JSON200.User.Token)
		return nil
	}

	author := "bob"
	list, err := client.ArticlesListWithResponse(ctx, &api.ArticlesListParams{Author: &author})
	if err != nil {
		return err
	}
	if list.JSON200 == nil || len(list.JSON200.Articles) != 1 || list.JSON200.Articles[0].Author.Username != author {
		return fmt.Errorf("the list is %s", list.Body)
	}

	wrong, err := client.CreateWithResponse(ctx, api.CreateJSONRequestBody{Article: api.NewArticle{Body: "b"}}, withToken)
	if err != nil {
		return err
	}
	problem := wrong.ApplicationproblemJSON422
	if problem == nil || problem.Status != http.StatusUnprocessableEntity || (*problem.Errors)[0].Code != "minlen" {
		return fmt.Errorf("an article without a title: %s", wrong.Body)
	}
	return nil
}
