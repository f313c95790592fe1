package dev.velo.launcher;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what the launcher prints as JSON: one object on a line. */
final class JsonText {
    private JsonText() {}

    static Map<String, Object> object(Outcome outcome) throws IOException {
        List<String> lines = outcome.lines();
        if (lines.size() != 1) {
            throw new AssertionError("not one line of JSON: " + lines);
        }
        return object(lines.getFirst());
    }

    static Map<String, Object> object(String line) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(line)) {
            parser.nextToken();
            Map<String, Object> object = object(parser);
            if (parser.nextToken() != null) {
                throw new AssertionError("more than one object: " + line);
            }
            return object;
        }
    }

    /** The objects in the list of this name. */
    @SuppressWarnings("unchecked") // whatever was read here has strings for keys
    static List<Map<String, Object>> objects(Map<String, Object> object, String name) {
        List<Map<String, Object>> objects = new ArrayList<>();
        if (object.get(name) instanceof List<?> list) {
            list.forEach(each -> objects.add((Map<String, Object>) each));
        }
        return objects;
    }

    private static Map<String, Object> object(JsonParser parser) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            fields.put(name, value(parser, parser.nextToken()));
        }
        return fields;
    }

    private static Object value(JsonParser parser, @Nullable JsonToken token) throws IOException {
        if (token == JsonToken.START_OBJECT) {
            return object(parser);
        }
        if (token == JsonToken.START_ARRAY) {
            List<Object> elements = new ArrayList<>();
            JsonToken next = parser.nextToken();
            while (next != JsonToken.END_ARRAY) {
                elements.add(value(parser, next));
                next = parser.nextToken();
            }
            return elements;
        }
        return token == JsonToken.VALUE_NUMBER_INT ? (Object) parser.getLongValue() : parser.getText();
    }
}
