package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/pb33f/libopenapi-validator/content"
)

// decodeLines reads JSON Lines as a list of what the lines are, which is what the
// schema of such a body describes.
func decodeLines(in *content.DecodeInput) (any, error) {
	body, err := io.ReadAll(in.Body)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for line := range bytes.Lines(body) {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var v any
		if err := json.Unmarshal(line, &v); err != nil {
			return nil, fmt.Errorf("line %d is no JSON: %w", len(list)+1, err)
		}
		list = append(list, v)
	}
	return list, nil
}

// decodeEvents reads server-sent events as a list of objects, with a member for each
// field that an event has.
func decodeEvents(in *content.DecodeInput) (any, error) {
	body, err := io.ReadAll(in.Body)
	if err != nil {
		return nil, err
	}
	list, event := []any{}, map[string]any{}
	for line := range strings.Lines(string(body)) {
		line = strings.TrimRight(line, "\r\n")
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case line == "" && event["data"] != nil:
			list = append(list, event)
			event = map[string]any{}
		case name == "data" && event["data"] != nil:
			event["data"] = fmt.Sprint(event["data"], "\n", value)
		case name == "retry":
			n, err := strconv.ParseFloat(value, 64)
			if err != nil {
				return nil, fmt.Errorf("retry is no number: %w", err)
			}
			event["retry"] = n
		case name == "data", name == "event", name == "id":
			event[name] = value
		}
	}
	return list, nil
}
