package jsonbody

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// TestFill compares what was filled with what encoding/json writes of a value that has
// no nil slices and maps, of random types and values.
func TestFill(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	changes := 0
	for range *randoms {
		c := chooserOf(random)
		rt := c.typ(0)
		var b strings.Builder
		c.json(&b, rt, 0)
		v := reflect.New(rt)
		json.Unmarshal([]byte(b.String()), v.Interface()) // as far as it can be read
		text, err := json.Marshal(v.Interface())
		if err != nil {
			continue // a json.Number that is none
		}
		got, changed := Fill(text, shaper{}.of(rt, ""))
		v.Elem().Set(withoutNil(v.Elem()))
		want, err := json.Marshal(v.Interface())
		if err != nil || string(got) != string(want) || changed != (string(text) != string(want)) {
			t.Fatalf("of %s\nin %v:\ngot    %s, changed %v\nwanted %s, %v", text, rt, got, changed, want, err)
		}
		if changed {
			changes++
		}
	}
	if changes < *randoms/10 {
		t.Errorf("%d of %d were changed", changes, *randoms)
	}
}

func isNull(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer:
		return v.IsNil() || isNull(v.Elem())
	case reflect.Slice, reflect.Map:
		return v.IsNil()
	}
	return false
}

// withoutNil is a copy of v with empty slices and maps in place of nil ones.
func withoutNil(v reflect.Value) reflect.Value {
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	switch kind := v.Kind(); {
	case isCustom(v.Type()):
	case kind == reflect.Pointer && !isNull(v): // that of a pointer to a nil slice as well
		c.Set(reflect.New(v.Type().Elem()))
		c.Elem().Set(withoutNil(v.Elem()))
	case kind == reflect.Struct:
		for i := range v.NumField() {
			if c.Field(i).CanSet() {
				c.Field(i).Set(withoutNil(v.Field(i)))
			}
		}
	case kind == reflect.Slice:
		c.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			c.Index(i).Set(withoutNil(v.Index(i)))
		}
	case kind == reflect.Array:
		for i := range v.Len() {
			c.Index(i).Set(withoutNil(v.Index(i)))
		}
	case kind == reflect.Map:
		c.Set(reflect.MakeMap(v.Type()))
		for _, key := range v.MapKeys() {
			c.SetMapIndex(key, withoutNil(v.MapIndex(key)))
		}
	}
	return c
}
