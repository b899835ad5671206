package schema

import (
	"go/token"
	"go/types"
	"slices"
	"testing"
)

// declared is a defined type of a package.
func declared(path, name string) *types.Named {
	pkg := types.NewPackage(path, path[max(0, len(path)-4):])
	return types.NewNamed(types.NewTypeName(token.NoPos, pkg, name, nil), types.NewStruct(nil, nil), nil)
}

// instance is an instance of a generic type of the package shop.
func instance(t *testing.T, name string, arg types.Type) *types.Named {
	t.Helper()
	generic := declared("example.com/api/shop", name)
	anything := types.NewInterfaceType(nil, nil)
	generic.SetTypeParams([]*types.TypeParam{types.NewTypeParam(types.NewTypeName(token.NoPos, nil, "T", nil), anything)})
	made, err := types.Instantiate(nil, generic, []types.Type{arg}, false)
	if err != nil {
		t.Fatal(err)
	}
	return made.(*types.Named)
}

func TestSpelled(t *testing.T) {
	item := declared("example.com/api/shop", "Item")
	for _, c := range []struct {
		of   *types.Named
		want [mostDetail + 1]string
	}{
		{item, [...]string{"Item", "Item", "shopItem", "apiShopItem"}},
		{declared("shop", "Item"), [...]string{"Item", "Item", "shopItem", "shopItem"}},
		{declared("example.com/api/shop", "item"), [...]string{"Item", "Item", "shopItem", "apiShopItem"}},
		{declared("example.com/api/shop", "Größe"), [...]string{"Gre", "Gre", "shopGre", "apiShopGre"}},
		{instance(t, "Page", item), [...]string{"PageItem", "PageShopItem", "shopPageShopItem", "apiShopPageShopItem"}},
		{instance(t, "Page", types.NewSlice(item)), [...]string{"PageItemList", "PageShopItemList", "shopPageShopItemList", "apiShopPageShopItemList"}},
		{instance(t, "Page", types.NewPointer(types.Typ[types.Int])), [...]string{"PageInt", "PageInt", "shopPageInt", "apiShopPageInt"}},
	} {
		for detail, want := range c.want {
			if got := spelled(c.of, detail); got != want {
				t.Errorf("%s, detail %d: %s, not %s", c.of, detail, got, want)
			}
		}
	}
}

func TestNamesOnClashes(t *testing.T) {
	shopItem, toolItem := declared("example.com/api/shop", "Item"), declared("example.com/api/tool", "Item")
	for _, c := range []struct {
		name  string
		types []*types.Named
		taken []string
		want  []string
	}{
		{"alone", []*types.Named{shopItem}, nil, []string{"Item"}},
		{"in two packages", []*types.Named{shopItem, toolItem}, nil, []string{"shopItem", "toolItem"}},
		{"in packages of one name", []*types.Named{shopItem, declared("a.org/b/shop", "Item")}, nil, []string{"apiShopItem", "bShopItem"}},
		{"beside another name", []*types.Named{shopItem, declared("example.com/api/tool", "Tool")}, nil, []string{"Item", "Tool"}},
		{"instances of two packages", []*types.Named{instance(t, "Page", shopItem), instance(t, "Page", toolItem)}, nil, []string{"PageShopItem", "PageToolItem"}},
		{"taken by the document", []*types.Named{declared("example.com/api/shop", "Problem")}, []string{"Problem"}, []string{"shopProblem"}},
		{"taken at all lengths", []*types.Named{shopItem}, []string{"Item", "shopItem", "apiShopItem"}, []string{"apiShopItem2"}},
		{"the same but for what names cannot have", []*types.Named{declared("example.com/api/shop", "Größe"), declared("example.com/api/shop", "Grüße")}, nil, []string{"apiShopGre", "apiShopGre2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := NewSet("#/", nil)
			used := map[string]bool{}
			for _, name := range c.taken {
				used[name] = true
			}
			for _, of := range c.types {
				s.reference(of, Out, func(*Object) {})
			}
			s.nameShort(used)
			var got []string
			for _, of := range c.types {
				got = append(got, s.byType[types.TypeString(of, nil)].name)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%q, not %q", got, c.want)
			}
		})
	}
}

func TestUnused(t *testing.T) {
	used := map[string]bool{"Item": true, "Item2": true}
	for _, want := range []string{"Item3", "Item4"} {
		if got := unused("Item", used); got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
}

// TestSuffix has a component whose schemas are equal where they have one letter.
func TestSuffix(t *testing.T) {
	for _, c := range []struct {
		out, emptyLists, in, strict string
		want                        []string
	}{
		{out: "a", want: []string{"Item"}},
		{in: "a", want: []string{"Item"}},
		{strict: "a", want: []string{"Item"}},
		{emptyLists: "a", want: []string{"Item"}},
		{out: "a", in: "a", want: []string{"Item"}},
		{out: "a", in: "b", want: []string{"Item", "ItemInput"}},
		{out: "a", strict: "b", want: []string{"Item", "ItemInput"}},
		{out: "a", emptyLists: "b", want: []string{"Item", "ItemEmptyLists"}},
		{emptyLists: "a", in: "b", want: []string{"Item", "ItemInput"}},
		{in: "a", strict: "b", want: []string{"Item", "ItemStrict"}},
		{out: "a", in: "a", strict: "b", want: []string{"Item", "ItemStrict"}},
		{out: "a", in: "b", strict: "c", want: []string{"Item", "ItemInput", "ItemStrictInput"}},
	} {
		s := NewSet("#/", nil)
		item := declared("example.com/api/shop", "Item")
		for dir, text := range []string{c.out, c.emptyLists, c.in, c.strict} {
			if text != "" {
				s.reference(item, Direction(dir), func(schema *Object) { schema.Set("title", text) })
			}
		}
		list, err := s.Components(nil)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for name := range list {
			got = append(got, name)
		}
		if slices.Sort(got); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %q", c, got)
		}
	}
}
